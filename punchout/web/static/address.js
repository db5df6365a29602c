/* A call-up that is refused stays under its own address, login and all: the window forgets the query. */

history.replaceState(null, "", location.pathname);
