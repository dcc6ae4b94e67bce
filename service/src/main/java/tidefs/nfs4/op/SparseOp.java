package tidefs.nfs4.op;

/** An operation on the space of one file: its holes, and what is to come (RFC 7862). */
public sealed interface SparseOp extends Op
    permits Allocate, Deallocate, IoAdvise, ReadPlus, Seek {}
