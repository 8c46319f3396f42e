#!/bin/sh
# Runs after files were removed. Only a purge (deb) takes the data with it: recordings and the database are the operator's.
set -e
if [ "$1" = purge ]; then
	rm -rf /var/lib/klatch /var/lib/private/klatch /etc/klatch
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
