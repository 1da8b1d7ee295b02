-- Until when an agent who works in a page is taken to be there; null for those who work without one.
ALTER TABLE agent ADD COLUMN present_until timestamptz;
