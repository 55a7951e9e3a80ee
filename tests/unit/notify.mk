# unit tests of notify
