"""Files of leads and activities, read as they are met in life and written as sets."""
