#!/bin/sh
# Makes the password of the database, once: for PostgreSQL, and as libpq's file for who runs Throughline.
set -eu
umask 077

cd "${1:-/secrets}"
[ -s postgres ] || { head -c 24 /dev/urandom | base64 | tr '+/' '-_' > .new && mv .new postgres; }
printf '*:*:*:throughline:%s\n' "$(cat postgres)" > pgpass
if [ "$(id -u)" = 0 ]; then
    chown 999 postgres # who runs the server in the image of PostgreSQL
    chown 10001 pgpass # who runs Throughline in its image
    chmod 711 .
fi
