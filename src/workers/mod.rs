//! L6: step functions over queues; the only loop is in runner.rs.
