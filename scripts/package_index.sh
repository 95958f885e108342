# shellcheck shell=sh
# Tells uv where this machine's pip gets its packages; uv reads none of pip's configuration. To be sourced.

# $1: a python that has pip, or nothing to tell if it has none. What the caller's environment says, stands.
follow_pip() {
    _setting() { "$1" -m pip config get "$2" 2>/dev/null || true; }
    if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
        _index=${PIP_INDEX_URL:-$(_setting "$1" global.index-url)}
        [ -z "$_index" ] || export UV_DEFAULT_INDEX="$_index"
    fi
    _bundle=${PIP_CERT:-$(_setting "$1" global.cert)}
    if [ -z "${SSL_CERT_FILE:-}" ] && [ -n "$_bundle" ]; then
        export SSL_CERT_FILE="$_bundle"
    fi
    # A company's own root certificate is in the system's bundle, not in the one uv brings along.
    if [ -z "${UV_SYSTEM_CERTS:-}" ] && [ -e /etc/ssl/certs/ca-certificates.crt ]; then
        export UV_SYSTEM_CERTS=1
    fi
    # Caches and environments are often on different disks in a container; say nothing about it.
    export UV_LINK_MODE="${UV_LINK_MODE:-copy}" UV_NO_PROGRESS=1
}
