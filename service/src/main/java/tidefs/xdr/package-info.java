/**
 * External Data Representation (RFC 4506) over network buffers: reading what a peer sent without
 * trusting one length of it, writing replies straight into the buffer that is sent. It uses Netty's
 * buffers and nothing of ours.
 */
@NullMarked
package tidefs.xdr;

import org.jspecify.annotations.NullMarked;
