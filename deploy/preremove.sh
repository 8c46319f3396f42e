#!/bin/sh
# Runs before files are removed: deb "remove" or "upgrade …", rpm "0" for a removal and "1" for an upgrade.
set -e
if { [ "$1" = remove ] || [ "$1" = 0 ]; } && [ -d /run/systemd/system ]; then
	systemctl disable --now klatch.service || true # it may be disabled
fi
