DROP FUNCTION served_extent(text);
