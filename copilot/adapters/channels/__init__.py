"""Publishers: one for each way that copy leaves the house."""
