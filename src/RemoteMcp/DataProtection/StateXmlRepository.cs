using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Stores the key ring of Data Protection in the state store, so that the whole fleet shares one ring, which rotates automatically.
/// </summary>
/// <remarks>
/// Rows are numbered. A key is only added directly after the rows that were read when Data Protection decided to add it. When several
/// instances find at the same time that the ring has no usable key, the first one to write succeeds. The others get its key when Data
/// Protection reads the ring again, as it does after every addition. Without this rule an instance could use a key that another instance
/// does not learn about for a day.
/// </remarks>
internal sealed class StateXmlRepository(IStateStore store, TimeProvider time) : IXmlRepository
{
    // The timeout of one operation. It is longer than the storage's own retries take.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    // The number of the last row that was read. Only the thread that refreshes the ring uses this field. Data Protection lets one thread at
    // a time do that.
    private long _lastNumber;

    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async cancellationToken =>
    {
        var elements = await ReadAsync(after: 0, cancellationToken);
        _lastNumber = elements.Count == 0 ? 0 : elements[^1].Number;
        return elements.ConvertAll(element => element.Xml);
    });

    public void StoreElement(XElement element, string friendlyName) => Wait(async cancellationToken =>
    {
        var body = BinaryData.FromObjectAsJson(new Row(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        while (await store.TryInsertAsync(Key(_lastNumber + 1), body, KeyRows.Never, cancellationToken) is null)
        {
            var newer = await ReadAsync(_lastNumber, cancellationToken);
            if (newer.Count == 0)
            {
                throw new StateUnavailableException(
                    $"Row {_lastNumber + 1} of the key ring exists, but the server cannot read it.", s_timeout);
            }

            _lastNumber = newer[^1].Number;
            if (element.Name == "key" && newer.Exists(other => other.Xml.Name == "key"))
            {
                // Another instance added a key first. This key is not stored, and Data Protection uses the other one.
                return false;
            }
        }

        _lastNumber++;
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

    // IXmlRepository is synchronous. Data Protection calls it at the start and about once a day. While there is a ring, nothing else waits
    // for that thread. The price of the synchronous call is therefore one blocked thread for a limited time.
    private T Wait<T>(Func<CancellationToken, Task<T>> operation)
    {
        using var deadline = new CancellationTokenSource(s_timeout, time);
        try
        {
            return Task.Run(() => operation(deadline.Token)).WaitAsync(deadline.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            throw new StateUnavailableException($"The key ring could not be read or written within {s_timeout}.", s_timeout, exception);
        }
    }

    private sealed record Row(string Name, string Xml);
}
