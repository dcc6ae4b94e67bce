/**
 * Who an NFS client is and what it may see and do: its certificate, the access point it comes by,
 * the policies that apply. The implementation of what {@code nfs4} asks, over {@code control} and
 * {@code iam}.
 */
@NullMarked
package tidefs.server.client;

import org.jspecify.annotations.NullMarked;
