using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Data Protection's key ring in the state store, so that the whole fleet has one ring and rotates it by itself.
/// </summary>
/// <remarks>
/// Rows are numbered, and a key is only added directly behind the rows that the decision to add it was made on. Of several instances
/// that find the ring without a usable key at once, the first to write wins, and the others find its key when Data Protection reads
/// the ring again, as it does after every addition. Otherwise an instance could go on with a key that another one does not learn
/// of for a day.
/// </remarks>
internal sealed class StateXmlRepository(IStateStore store, TimeProvider time) : IXmlRepository
{
    /// <summary>The longest wait for one operation; above what the storage's own bounded retries take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Read and written by whoever refreshes the ring; Data Protection lets one thread at a time do that.
    private long _last;

    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async cancellationToken =>
    {
        var elements = await ReadAsync(after: 0, cancellationToken);
        _last = elements.Count == 0 ? 0 : elements[^1].Number;
        return elements.ConvertAll(element => element.Xml);
    });

    public void StoreElement(XElement element, string friendlyName) => Wait(async cancellationToken =>
    {
        var body = BinaryData.FromObjectAsJson(new Row(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        while (await store.TryInsertAsync(Key(_last + 1), body, KeyRows.Never, cancellationToken) is null)
        {
            var newer = await ReadAsync(_last, cancellationToken);
            if (newer.Count == 0)
            {
                throw new StateUnavailableException($"Row {_last + 1} of the key ring is neither free nor readable.", Patience);
            }

            _last = newer[^1].Number;
            if (element.Name == "key" && newer.Exists(other => other.Xml.Name == "key"))
            {
                return false;
            }
        }

        _last++;
        return true;
    });

    private async Task<List<(long Number, XElement Xml)>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        var range = new StateRange(After: after == 0 ? null : Key(after).Row);
        var elements = new List<(long, XElement)>();
        await foreach (var row in store.QueryAsync(KeyRows.Table, KeyRows.Ring, range, cancellationToken))
        {
            elements.Add((long.Parse(row.Key.Row, CultureInfo.InvariantCulture), XElement.Parse(row.Body.ToObjectFromJson<Row>()!.Xml)));
        }

        return elements;
    }

    private static StateKey Key(long number) => new(KeyRows.Table, KeyRows.Ring, number.ToString("D10", CultureInfo.InvariantCulture));

    // IXmlRepository is synchronous. Data Protection calls it at the start and about once a day, from a thread that nothing else waits
    // for while there is a ring, so one blocked thread for a bounded time is what the bridge costs.
    private T Wait<T>(Func<CancellationToken, Task<T>> act)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            return Task.Run(() => act(patience.Token)).WaitAsync(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException timeout)
        {
            throw new StateUnavailableException($"The key ring could not be read or written within {Patience}.", Patience, timeout);
        }
    }

    private sealed record Row(string Name, string Xml);
}
