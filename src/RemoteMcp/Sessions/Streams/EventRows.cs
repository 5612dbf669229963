using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Reads and writes the rows of events: table <see cref="Table"/>, one partition per session, with row keys in the order of replay. An
/// event that is larger than a row takes several rows. Rows expire after <see cref="SessionOptions.EventLifetime"/>.
/// </summary>
internal sealed class EventRows(IStateStore store, IOptions<SessionOptions> options, TimeProvider time)
{
    public const string Table = "Events";

    // This character sorts after every character in a row key.
    private const string AfterAllKeys = "~";

    /// <summary>Writes events in as few batches as the storage limits allow. Events that are already stored stay unchanged.</summary>
    public async Task WriteAsync(string session, IReadOnlyList<StreamEvent> events, CancellationToken cancellationToken)
    {
        var expiresAt = time.GetUtcNow() + options.Value.EventLifetime;
        var batch = new List<StateChange>();
        var bytes = 0;
        foreach (var each in events)
        {
            var parts = Math.Max(1, (each.Data.Length + StateLimits.MaxBodyBytes - 1) / StateLimits.MaxBodyBytes);
            for (var part = 0; part < parts; part++)
            {
                var chunk = each.Data.Slice(
                    part * StateLimits.MaxBodyBytes,
                    Math.Min(StateLimits.MaxBodyBytes, each.Data.Length - (part * StateLimits.MaxBodyBytes)));
                if (batch.Count == StateLimits.MaxBatchOperations || bytes + chunk.Length > StateLimits.MaxBatchBytes)
                {
                    await CommitAsync(session, batch, cancellationToken);
                    batch.Clear();
                    bytes = 0;
                }

                batch.Add(new StateChange.Insert(RowKey(each, part, last: part == parts - 1), BinaryData.FromBytes(chunk), expiresAt));
                bytes += chunk.Length;
            }
        }

        if (batch.Count > 0)
        {
            await CommitAsync(session, batch, cancellationToken);
        }
    }

    /// <summary>Returns the events of a stream that follow the given one. It skips a last event whose rows are incomplete.</summary>
    public async IAsyncEnumerable<StreamEvent> ReadAfterAsync(
        string session, EventId after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = after.Stream + "|";
        var range = new StateRange($"{stream}{after.Epoch:D10}|{after.Sequence:D10}|{AfterAllKeys}", stream + AfterAllKeys);
        using var parts = new MemoryStream();
        await foreach (var row in store.QueryAsync(Table, session, range, cancellationToken))
        {
            // stream | epoch | sequence | part | kind | retry | "+" if more parts follow
            var key = row.Key.Row.Split('|');
            parts.Write(row.Body.ToMemory().Span);
            if (key[6] == "+")
            {
                continue;
            }

            var id = after with
            {
                Epoch = long.Parse(key[1], CultureInfo.InvariantCulture),
                Sequence = long.Parse(key[2], CultureInfo.InvariantCulture),
            };
            var retry = key[5].Length > 0 ? TimeSpan.FromMilliseconds(long.Parse(key[5], CultureInfo.InvariantCulture)) : (TimeSpan?)null;
            yield return new StreamEvent(id, parts.ToArray(), retry, Enum.Parse<StreamEventKind>(key[4]));
            parts.SetLength(0);
        }
    }

    private async Task CommitAsync(string session, List<StateChange> batch, CancellationToken cancellationToken)
    {
        if (await store.TryCommitAsync(Table, session, batch, cancellationToken) || batch.Count == 1)
        {
            return;
        }

        // Some rows exist already: an earlier try wrote them, but its response was lost. A batch is applied completely or not at all, so
        // each row is now inserted separately.
        foreach (var row in batch.Cast<StateChange.Insert>())
        {
            await store.TryInsertAsync(new StateKey(Table, session, row.Row), row.Body, row.ExpiresAt, cancellationToken);
        }
    }

    private static string RowKey(StreamEvent each, int part, bool last) => string.Create(
        CultureInfo.InvariantCulture,
        $"{each.Id.Stream}|{each.Id.Epoch:D10}|{each.Id.Sequence:D10}|{part:D4}|"
            + $"{each.Kind}|{each.Retry?.TotalMilliseconds:F0}|{(last ? "" : "+")}");
}
