# unit tests of worker
