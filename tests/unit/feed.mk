# unit tests of feed
