#!/bin/sh
# Brings the free fonts that official documents are laid out with into a folder.
#
#   fonts.sh DIR         小标宋 (a bold Song), 仿宋, 楷体, 黑体, 宋体: 30 MB
#   fonts.sh DIR rare    also a face with all of CJK Extension B to F, for rare names: 30 MB more
#
# | file                    | Debian package        | licence                              |
# |-------------------------|-----------------------|--------------------------------------|
# | Fandol*.otf             | texlive-lang-chinese  | GPL-3 with the font exception: a     |
# |                         |                       | document with them is not under it   |
# | HanaMinB.ttf            | fonts-hanazono        | Hanazono Font License or OFL-1.1     |
#
# They come from Debian's packages by apt-get, unpacked here and not installed. An organ that
# owns the official fonts needs none of this.
set -eu

say() { echo "fonts: $*" >&2; }

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "${2:-rare}" != rare ]; then
    say "usage: fonts.sh DIR [rare]"
    exit 2
fi
mkdir -p "$1"
target=$(cd "$1" && pwd)

FANDOL=usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
HANAZONO=usr/share/fonts/truetype/hanazono

# have FILE SHA256: whether the file is there and the right one.
have() {
    [ -f "$target/$1" ] && echo "$2  $target/$1" | sha256sum --check --status
}

# bring PACKAGE: unpacks a Debian package into $folder/root.
bring() {
    for tool in apt-get dpkg-deb sha256sum; do
        if ! command -v "$tool" >/dev/null; then
            say "missing: $tool; on another system than Debian, copy the files into $target"
            return 1
        fi
    done
    say "fetching $1"
    if ! (cd "$folder" && apt-get download -qq "$1" 2>"$folder/log"); then
        if [ "$(id -u)" = 0 ]; then
            apt-get update -qq && (cd "$folder" && apt-get download -qq "$1")
        else
            cat "$folder/log" >&2
            say "apt does not know $1 yet; as root: apt-get update"
            return 1
        fi
    fi
    dpkg-deb -x "$folder/$1"_*.deb "$folder/root"
}

# take PATH SHA256: puts a file of the package into the folder, if it is the one known here.
take() {
    if ! echo "$2  $folder/root/$1" | sha256sum --check --status; then
        say "$1 is not the file that is known here; nothing was taken"
        return 1
    fi
    install -m 644 "$folder/root/$1" "$target/"
}

FANDOL_FILES="FandolFang-Regular.otf d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9
FandolHei-Regular.otf 4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28
FandolKai-Regular.otf ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827
FandolSong-Bold.otf ffa76a70e128947a4dd22151d5ee829b23e24ce3cb6fe8ad49891cd1c2d9e9b9
FandolSong-Regular.otf a3820003227d4abe31fe28b493200d94a849ccfd078b50a019264f70353020b0"
HANA_SUM=829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c

fandol_is_there() {
    echo "$FANDOL_FILES" | while read -r name sum; do have "$name" "$sum" || exit 1; done
}

folder=$(mktemp -d)
# apt-get fetches as a user of its own, which must be able to write there.
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT

if ! fandol_is_there; then
    bring texlive-lang-chinese
    echo "$FANDOL_FILES" | while read -r name sum; do take "$FANDOL/$name" "$sum"; done
    licence=$folder/root/usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz
    if [ -f "$licence" ]; then gzip -dc "$licence" >"$target/Fandol-COPYING.txt"; fi
fi
if [ "${2:-}" = rare ] && ! have HanaMinB.ttf "$HANA_SUM"; then
    bring fonts-hanazono
    take "$HANAZONO/HanaMinB.ttf" "$HANA_SUM"
    install -m 644 "$folder/root/usr/share/doc/fonts-hanazono/copyright" "$target/Hanazono-COPYING.txt"
fi
if [ ! -f /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc ]; then
    say "not installed: fonts-noto-cjk, in which characters that these fonts lack are looked for"
fi
say "the fonts are in $target"
