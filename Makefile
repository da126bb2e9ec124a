# The menu. `make` alone shows it.

SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(CURDIR)/target
# The nats-server of deploy/tools.sh, before any other.
export PATH := $(CURDIR)/.tools:$(PATH)

DATA ?= data
# nextest where it is installed; plain cargo does as well, slower.
TEST := cargo $(if $(shell command -v cargo-nextest),nextest run,test --no-fail-fast)

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this menu
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

.PHONY: run
run: tools ## Start everything under ./data with the sample library (the first build takes minutes)
	@echo "building; the first time this takes some minutes"
	cargo build --release --bin yangguang
	@exec "$(CARGO_TARGET_DIR)/release/yangguang" serve all --data "$(DATA)" --sample

.PHONY: test
test: ## Run all tests, on SQLite and PostgreSQL, with a real nats-server
	deploy/tools.sh test
	deploy/with-postgres.sh $(TEST) --workspace

.PHONY: lint
lint: ## Check format, lints, shell scripts and contracts
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	bash -n deploy/*.sh .ci/run
	cargo test --quiet --workspace --test fences --test contracts

.PHONY: bench
bench: tools ## Measure against the bare parts, on SQLite and PostgreSQL (minutes; docs/performance.md)
	cargo build --release -p yangguang -p bench
	@"$(CARGO_TARGET_DIR)/release/bench"

.PHONY: soak
soak: ## Feed ten million hostile inputs to the readers of documents (a minute)
	cargo test --release -p gongwen --test soak -- --ignored --nocapture

.PHONY: docs
docs: ## Bring docs/events.md and docs/configuration.md up to date with the code
	YANGGUANG_WRITE_DOCS=1 cargo test --quiet --test reference

.PHONY: tools
tools: ## Fetch the nats-server that is missing, into .tools
	deploy/tools.sh
