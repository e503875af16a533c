#!/usr/bin/env bash
# One folder that installs ReplyDesk on a computer without internet: wheels, the model's file, the app, checksums. Run where there is internet, on the
# same kind of system and Python as there.
#   deploy/bundle.sh OUT [--without-model] [--key SSH_PRIVATE_KEY]
# With --key the checksums are signed (ssh-keygen -Y sign, namespace replydesk), and install.sh --signers checks who signed.
set -euo pipefail

die() { printf 'bundle.sh: %s\n' "$*" >&2; exit 1; }

root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
out='' key='' model=yes
while [ $# -gt 0 ]; do
  case $1 in
    --without-model) model=no ;;
    --key) shift; key=${1:-}; [ -f "$key" ] || die "--key $key: no such file." ;;
    -*) die "unknown option $1. Use: bundle.sh OUT [--without-model] [--key SSH_PRIVATE_KEY]" ;;
    *) [ -z "$out" ] || die "one folder only."; out=$1 ;;
  esac
  shift
done
[ -n "$out" ] || die "say where: bundle.sh OUT [--without-model] [--key SSH_PRIVATE_KEY]"
[ ! -e "$out" ] || die "$out is there already. Take another name, or remove it."
[ -x "$python" ] || die "$python is missing: run 'make .venv/run' first, or set PYTHON."

part=$out.part
rm -rf "$part"
mkdir -p "$part/app" "$part/wheels"
trap 'rm -rf "$part"' EXIT

cd "$root"
if version=$(git log -1 --format=%cd-%h --date=format:%Y%m%d 2>/dev/null); then
  # what is committed, so that nothing half done goes out; tests are not needed there
  git archive HEAD | tar -x -C "$part/app" --exclude=tests --exclude=.ci
else
  version=$(date +%Y%m%d)
  tar -c --exclude=./tests --exclude=./.ci --exclude=./.venv --exclude=./data/store --exclude=./eval/out --exclude=__pycache__ . | tar -x -C "$part/app"
fi
printf '%s\n' "$version" > "$part/VERSION"
"$python" -c 'import platform, sys; print(f"{platform.system()} {platform.machine()} python{sys.version_info.major}.{sys.version_info.minor}")' > "$part/PLATFORM"

echo "wheels …" >&2
# shellcheck disable=SC2086
"$python" -m pip wheel --quiet ${PIP_OPTIONS:-} -r requirements.txt -w "$part/wheels"
if [ "$model" = yes ]; then
  echo "model …" >&2
  mkdir "$part/model"
  file=$("$python" -m rag.models)
  cp "$file" "$part/model/"
fi
cp deploy/install.sh deploy/replydesk.service deploy/nginx.conf "$part/"

echo "checksums …" >&2
(cd "$part" && find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig -print0 | LC_ALL=C sort -z | xargs -0 sha256sum > SHA256SUMS)
if [ -n "$key" ]; then ssh-keygen -q -Y sign -f "$key" -n replydesk "$part/SHA256SUMS"; fi
mv "$part" "$out"
trap - EXIT
echo "$out: version $version, $(du -sh "$out" | cut -f1). Carry the whole folder over, then run its install.sh there."
