/**
 * Breaks the packaged server again and again and looks whether it kept its word: clients that speak
 * NFS themselves note every acknowledgement, the server is killed, started again on the same data,
 * and asked for all of it.
 *
 * <p>The model of what must be there is each client's own, exact, and says for the one operation
 * that was under way that it happened or did not.
 */
@NullMarked
package tidefs.crash;

import org.jspecify.annotations.NullMarked;
