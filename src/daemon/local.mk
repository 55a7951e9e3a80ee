# the daemon
