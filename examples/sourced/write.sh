#!/bin/sh
# Writes the cited report of this folder and exports it: examples/sourced/write.sh [FOLDER [OPTION…]]
# Options go to `python app.py write`, such as --base-url and --model.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
out=${1:-$root/out/sourced}
[ $# -eq 0 ] || shift
mkdir -p "$out"
"$python" "$root/app.py" write --file "$here/report.toml" --out "$out/report.md" --json "$@" \
  > "$out/report.json"
id=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["document_id"])' "$out/report.json")
for format in docx pdf; do
  "$python" "$root/app.py" export "$id" --format "$format" --out "$out/report.$format"
done
echo "report.md, report.docx and report.pdf are in $out"
