#!/bin/sh
# Runs after the package was unpacked: deb "configure [old version]", rpm "1" for a first installation and "2" for an upgrade.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl try-restart klatch.service || true # one that fails says why in its log; the package is installed
fi
if { [ "$1" = configure ] && [ -z "$2" ]; } || [ "$1" = 1 ]; then
	echo "Klatch is installed. Edit /etc/klatch/klatch.yaml, then: systemctl enable --now klatch"
fi
