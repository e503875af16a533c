#!/usr/bin/env bash
# Installs ReplyDesk from this folder alone, without internet, or brings an installation to this version. What was there stays as it is until all is ready.
#   ./install.sh [--to DIR] [--signers FILE]    install or upgrade (DIR: /opt/replydesk as root, ~/replydesk otherwise)
#   ./install.sh --rollback [--to DIR]          go back to the version before
# DIR/releases/VERSION holds app and environment of a version, DIR/current points to the one that runs, DIR/previous to the one before; letters, settings and
# backups lie beside them and are kept.
set -euo pipefail
umask 027

die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

here=$(cd "$(dirname "$0")" && pwd)
if [ "$(id -u)" = 0 ]; then to=/opt/replydesk; else to=$HOME/replydesk; fi
signers='' rollback=no
python=${PYTHON:-python3}
while [ $# -gt 0 ]; do
  case $1 in
    --to) shift; to=${1:?--to needs a folder} ;;
    --signers) shift; signers=${1:?--signers needs a file} ;;
    --rollback) rollback=yes ;;
    *) die "unknown option $1. Use: install.sh [--to DIR] [--signers FILE] | --rollback [--to DIR]" ;;
  esac
  shift
done

point() { # point NAME TARGET: in one step, so that NAME is never missing
  ln -sfn "$2" "$to/.$1.new"
  mv -Tf "$to/.$1.new" "$to/$1"
}

if [ "$rollback" = yes ]; then
  [ -L "$to/previous" ] || die "$to has no earlier version to go back to."
  old=$(readlink "$to/current")
  back=$(readlink "$to/previous")
  [ -f "$to/$back/.complete" ] || die "$to/$back is not complete. Install that version again from its bundle."
  point current "$back"
  point previous "$old"
  say "Back to ${back#releases/}. Start it again. If it says that the store is of a later version, restore the backup from before the upgrade:"
  say "  $to/replydesk restore $to/backups/before-${old#releases/}.zip"
  exit 0
fi

# ---- is the bundle whole, and whose is it?
cd "$here"
[ -f SHA256SUMS ] || die "SHA256SUMS is missing: this is no whole bundle. Copy the folder again."
if [ -n "$signers" ]; then
  [ -f SHA256SUMS.sig ] || die "the bundle is not signed, and --signers asks for a signature."
  who=$(ssh-keygen -Y find-principals -s SHA256SUMS.sig -f "$signers" 2>/dev/null | head -n 1) || true
  [ -n "$who" ] || die "SHA256SUMS is signed by nobody whom $signers names."
  ssh-keygen -q -Y verify -f "$signers" -I "$who" -n replydesk -s SHA256SUMS.sig < SHA256SUMS >&2 || die "the signature of $who does not fit: the bundle was changed."
fi
bad=$(sha256sum --quiet -c SHA256SUMS 2>/dev/null || true)
[ -z "$bad" ] || die "damaged or missing: ${bad//$'\n'/; }. Copy the bundle again."
unlisted=$(find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig | LC_ALL=C sort | while IFS= read -r file; do grep -qF "  $file" SHA256SUMS || printf '%s ' "$file"; done)
[ -z "$unlisted" ] || die "not of this bundle: $unlisted. Take it out, or copy the bundle again."

# ---- does it fit this computer?
command -v "$python" > /dev/null || die "$python is missing. Install the Python that the bundle was made with ($(cat PLATFORM)), or set PYTHON."
mine=$("$python" -c 'import platform, sys; print(f"{platform.system()} {platform.machine()} python{sys.version_info.major}.{sys.version_info.minor}")')
[ "$mine" = "$(cat PLATFORM)" ] || die "the bundle is for $(cat PLATFORM), this computer has $mine. Make a bundle there, or set PYTHON to the right one."
"$python" -c 'import venv, ensurepip' 2> /dev/null || die "this Python cannot make environments. On Debian: apt install python3-venv."
version=$(cat VERSION)
mkdir -p "$to/releases" "$to/data" "$to/backups" || die "$to cannot be written. Choose another folder with --to, or run as an administrator."
need=$(($(du -sk wheels | cut -f1) * 4 + $(du -sk app | cut -f1) + 200000))
[ -d model ] && need=$((need + $(du -sk model | cut -f1)))
free=$(df -Pk "$to" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$need" ] || die "$to has $((free / 1024)) MB free, $((need / 1024)) MB are needed. Make room, or choose another folder with --to."

exec 9> "$to/.lock"
flock -n 9 || die "another installation into $to is at work. Wait until it has ended."

# ---- the new version, beside the one that runs
release=$to/releases/$version
if [ -f "$release/.complete" ]; then
  say "$version is there already."
else
  rm -rf "$release" # of an installation that was broken off
  mkdir "$release"
  say "app …"
  cp -R app "$release/app"
  say "environment …"
  "$python" -m venv "$release/venv"
  "$release/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" -r app/requirements.txt
  (cd "$release/app" && "$release/venv/bin/python" -m ingest --help > /dev/null) || die "the new version does not start; what ran before still does. See above."
  touch "$release/.complete"
fi
if [ -d model ]; then
  mkdir -p "$to/model"
  for file in model/*; do
    name=$(basename "$file")
    [ -f "$to/model/$name" ] || { cp "$file" "$to/model/.$name.part" && mv "$to/model/.$name.part" "$to/model/$name"; }
  done
fi
if [ ! -f "$to/replydesk.env" ]; then
  {
    echo "# Settings of ReplyDesk; all of them: current/app/docs/reference.md. Kept by upgrades."
    echo "REPLYDESK_STORE=\"$to/data/store\""
    echo "REPLYDESK_HOST=127.0.0.1"
    echo "REPLYDESK_PORT=7860"
    if [ -d model ]; then
      echo "REPLYDESK_LLM=embedded"
      echo "REPLYDESK_MODEL_FILE=\"$to/model/$(basename model/*)\""
    else
      echo "REPLYDESK_LLM=none"
    fi
  } > "$to/replydesk.env"
fi
cat > "$to/.replydesk.new" << EOF
#!/usr/bin/env bash
# replydesk run | ingest PATH… | ask QUESTION | accounts … | backup FILE | restore FILE | python ARGUMENTS
set -euo pipefail
given=\$(export -p | grep ' REPLYDESK_' || true)
set -a; . "$to/replydesk.env"; set +a
eval "\$given" # what is set for this call goes before the file
python="$to/current/venv/bin/python"
what=\${1:-run}; shift || true
case \$what in # paths are of the folder that it is called in
  ingest | backup | restore) for i in "\$@"; do case \$i in -*) set -- "\$@" "\$i" ;; *) set -- "\$@" "\$(realpath -m "\$i")" ;; esac; shift; done ;;
esac
cd "$to/current/app"
case \$what in
  run) exec "\$python" app.py "\$@" ;;
  ingest) exec "\$python" -m ingest "\$@" ;;
  ask) exec "\$python" -m rag.ask "\$@" ;;
  accounts) exec "\$python" -m doors.accounts "\$@" ;;
  backup) exec "\$python" -m ingest --backup "\$@" ;;
  restore) exec "\$python" -m ingest --restore "\$@" ;;
  python) exec "\$python" "\$@" ;;
  *) echo "replydesk: \$what is none of: run, ingest, ask, accounts, backup, restore, python" >&2; exit 2 ;;
esac
EOF
chmod 750 "$to/.replydesk.new"
mv -f "$to/.replydesk.new" "$to/replydesk"

# ---- a backup by the version that knows the store, then the switch
if [ -L "$to/current" ] && [ "$(readlink "$to/current")" != "releases/$version" ]; then
  store=$(. "$to/replydesk.env" && printf '%s' "$REPLYDESK_STORE")
  if [ -d "$store" ]; then
    say "backup …"
    "$to/replydesk" backup "$to/backups/before-$version.zip" >&2 || die "the store could not be backed up, so nothing was switched; $(readlink "$to/current") still runs."
  fi
  point previous "$(readlink "$to/current")"
fi
point current "releases/$version"
sed "s|@DIR@|$to|g" replydesk.service > "$to/replydesk.service"
say "ReplyDesk $version is installed in $to."
say "Letters in:     $to/replydesk ingest FOLDER"
say "Start by hand:  $to/replydesk run      then open http://127.0.0.1:7860"
say "As a service:   $to/replydesk.service tells how, in its first lines"
say "Go back:        $here/install.sh --rollback --to $to"
