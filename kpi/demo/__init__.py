"""An invented Dutch energy supplier with planted stories, so that there is something to look at."""
