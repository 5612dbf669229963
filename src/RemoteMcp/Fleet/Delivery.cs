namespace RemoteMcp.Fleet;

/// <summary>Specifies the result of sending a message to another instance.</summary>
internal enum Delivery
{
    /// <summary>The receiver handled the message.</summary>
    Done,

    /// <summary>
    /// The receiver did nothing, and will not do anything later: it does not have the session, stream, or call that the message is for, or
    /// it is gone.
    /// </summary>
    Refused,

    /// <summary>
    /// The receiver did not begin to handle the message. The sender has withdrawn the message, unless the receiver reported that it did not
    /// handle it, or the sender left it to be handled late. It is not known whether the receiver is gone.
    /// </summary>
    TimedOut,

    /// <summary>
    /// The receiver claimed the message and has not reported a result, or it reported a failure. It is not known whether it handled the
    /// message.
    /// </summary>
    Unknown,
}
