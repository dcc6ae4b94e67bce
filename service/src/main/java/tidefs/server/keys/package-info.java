/**
 * Where keys come from: files, a hardware token, another key management service; and how they reach
 * file systems.
 *
 * <p>It uses {@code store.crypt}, {@code control}, {@code iam} and {@code base}.
 */
@NullMarked
package tidefs.server.keys;

import org.jspecify.annotations.NullMarked;
