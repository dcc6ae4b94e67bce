/**
 * The configuration: one YAML file, in which every key has a default, and the records that the
 * server is made from. It may use {@code control}, {@code nfs4} and {@code rpc} for their settings,
 * and the YAML parser. What it refuses, it refuses with file, line and column, the key, what is
 * wrong and what would be right.
 */
@NullMarked
package tidefs.server.config;

import org.jspecify.annotations.NullMarked;
