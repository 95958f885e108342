"""For those who test against toritsugi: a clock in the hand, capturing channels, suites for stores and channels."""
