using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>
/// Keeps the messages that this instance has read and not reported. If a claim or a result could not be written because the storage is
/// down, the next poll continues there. It does not run a handler a second time.
/// </summary>
internal sealed class ReceivedMessages(InboxRows inbox, StorageWatch storage)
{
    private readonly Dictionary<StateKey, ReceivedMessage> _messages = [];

    /// <summary>
    /// Claims the messages of rows that were read, and returns those that this instance may handle, in the order of the rows.
    /// </summary>
    public async Task<List<ReceivedMessage>> ReceiveAsync(List<StateRow> rows, CancellationToken cancellationToken)
    {
        foreach (var key in _messages.Keys.Except(rows.Select(static row => row.Key)).ToList())
        {
            _messages.Remove(key);
        }

        foreach (var row in rows)
        {
            var isClaimed = InboxRows.StateOf(row) == InboxRowState.Claimed;
            if (_messages.TryGetValue(row.Key, out var known))
            {
                // The claim was written, but its response was lost.
                known.IsClaimed |= isClaimed;
            }
            else
            {
                var message = isClaimed ? null : await inbox.TryOpenAsync(row, cancellationToken);
                _messages[row.Key] = new(row, message) { IsClaimed = isClaimed };
            }
        }

        await ClaimAsync(cancellationToken);
        return [.. rows.Select(row => _messages.GetValueOrDefault(row.Key)).OfType<ReceivedMessage>()];
    }

    /// <summary>Claims the messages that their senders may withdraw, and forgets those that are withdrawn.</summary>
    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        var claimable = _messages.Values
            .Where(static message => message is { Message.MustClaim: true, IsClaimed: false, Result: null })
            .ToList();
        if (claimable.Count == 0)
        {
            return;
        }

        var claimed = await storage.RunAsync(
            () => inbox.ClaimAsync([.. claimable.Select(static message => message.Row)], cancellationToken));
        foreach (var message in claimable)
        {
            message.IsClaimed = claimed.Contains(message.Row.Key);
            if (!message.IsClaimed)
            {
                _messages.Remove(message.Row.Key);
            }
        }
    }
}

/// <summary>Represents a message that this instance has read.</summary>
/// <param name="row">The row, as it was read first.</param>
/// <param name="message">The message, or <see langword="null"/> when this version cannot read it.</param>
internal sealed class ReceivedMessage(StateRow row, InboxMessage? message)
{
    public StateRow Row { get; } = row;

    public InboxMessage? Message { get; } = message;

    /// <summary>Gets or sets whether this instance has claimed the message.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>Gets or sets whether an earlier poll had no time for the message.</summary>
    public bool IsDeferred { get; set; }

    /// <summary>Gets or sets what became of the message, or <see langword="null"/> before its handler has ended.</summary>
    public ReceivedResult? Result { get; set; }
}

/// <summary>Specifies what became of a message that this instance has received.</summary>
internal enum ReceivedResult
{
    /// <summary>A handler has handled the message.</summary>
    Handled,

    /// <summary>The message is for nothing that this instance has.</summary>
    Refused,

    /// <summary>This instance cannot read the message, or had no time for it. No handler has begun.</summary>
    NotHandled,

    /// <summary>The handler threw or took too long, or this instance has lost the message after it had claimed it.</summary>
    Failed,
}
