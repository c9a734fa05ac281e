/// Receivers of requests, for the tests of every room and of other modules.
@NullMarked
package io.tidegate.receivers;

import org.jspecify.annotations.NullMarked;
