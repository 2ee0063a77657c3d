#!/bin/sh
# What runs in the container. To stop it is to end its calls, so those that are up get a minute.
set -eu

ln -sfn /opt/throughline/software "$THROUGHLINE_HOME/software"

throughline run &
running=$! stopping='' status=0
trap 'stopping=1' TERM INT
wait "$running" || status=$?
if [ "$stopping" ]; then
    throughline stop --grace 60
    status=0
    wait "$running" || status=$?
fi
exit "$status"
