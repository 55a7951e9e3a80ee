# unit tests of story
