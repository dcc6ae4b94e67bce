/**
 * Black-box tests of the packaged server with real clients. Knows the product by its command line,
 * its HTTP API and NFS alone; uses the JDK, Jackson and the scripts of {@code kernel/} and {@code
 * workloads/}.
 */
@NullMarked
package tidefs.system;

import org.jspecify.annotations.NullMarked;
