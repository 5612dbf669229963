using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;
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
internal sealed partial class StateXmlRepository(
    IStateStore store, KeyEnvelopes envelopes, TimeProvider time, ILogger<StateXmlRepository> logger) : IXmlRepository
{
    // The number of the last row that was read. Only the thread that refreshes the ring uses this field. Data Protection lets one thread at
    // a time do that.
    private long _lastNumber;

    public IReadOnlyCollection<XElement> GetAllElements() => BlockingCall.Run(
        async cancellationToken =>
        {
            var elements = await ReadAsync(after: 0, cancellationToken);
            _lastNumber = elements.Count == 0 ? 0 : elements[^1].Number;
            if (envelopes.IsEnabled)
            {
                await EncryptPlainRowsAsync(elements, cancellationToken);
            }

            var keys = elements.ConvertAll(static element => element.Xml);
            await envelopes.PrepareAsync(keys, cancellationToken);
            return keys;
        },
        time);

    public void StoreElement(XElement element, string friendlyName) => BlockingCall.Run(
        async cancellationToken =>
        {
            var body = Body(friendlyName, element);
            while (await store.TryInsertAsync(Key(_lastNumber + 1), body, KeyRows.Never, cancellationToken) is null)
            {
                var newer = await ReadAsync(_lastNumber, cancellationToken);
                if (newer.Count == 0)
                {
                    throw new StateUnavailableException(
                        $"Row {_lastNumber + 1} of the key ring exists, but the server cannot read it.", TimeSpan.FromSeconds(15));
                }

                _lastNumber = newer[^1].Number;
                if (element.Name == "key" && newer.Exists(static other => other.Xml.Name == "key"))
                {
                    // Another instance added a key first. This key is not stored, and Data Protection uses the other one.
                    return false;
                }
            }

            _lastNumber++;
            return true;
        },
        time);

    // Encrypts the keys that were stored before a key in Key Vault was configured. Their values stay the same, so that instances that have
    // them in memory, and the content that they encrypted, are not affected.
    private async Task EncryptPlainRowsAsync(
        List<(long Number, XElement Xml, StateRow Row)> elements, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (number, xml, row) in elements.Where(static element => element.Xml.HasPlainSecret()))
            {
                var body = Body(row.Body.ToObjectFromJson<Row>()!.Name, await xml.EncryptSecretsAsync(envelopes, cancellationToken));
                if (await store.TryReplaceAsync(row.Key, row.ETag, body, KeyRows.Never, cancellationToken) is not null)
                {
                    LogEncrypted(number);
                }
            }
        }
        catch (StateUnavailableException exception)
        {
            // The keys are still readable, so the server starts. The next read tries again.
            LogNotEncrypted(exception);
        }
    }

    private async Task<List<(long Number, XElement Xml, StateRow Row)>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        var range = new StateRange(After: after == 0 ? null : Key(after).Row);
        var elements = new List<(long, XElement, StateRow)>();
        await foreach (var row in store.QueryAsync(KeyRows.Table, KeyRows.Ring, range, cancellationToken))
        {
            elements.Add((
                long.Parse(row.Key.Row, CultureInfo.InvariantCulture), XElement.Parse(row.Body.ToObjectFromJson<Row>()!.Xml), row));
        }

        return elements;
    }

    private static BinaryData Body(string name, XElement element) =>
        BinaryData.FromObjectAsJson(new Row(name, element.WithoutAssemblyVersions().ToString(SaveOptions.DisableFormatting)));

    private static StateKey Key(long number) => new(KeyRows.Table, KeyRows.Ring, number.ToString("D10", CultureInfo.InvariantCulture));

    [LoggerMessage(LogLevel.Information, "Key {Number} of the key ring was stored in plain text, and is now encrypted with Key Vault.")]
    private partial void LogEncrypted(long number);

    [LoggerMessage(
        LogLevel.Warning,
        "The key ring contains keys in plain text, and the server could not encrypt them with Key Vault. It tries again at its next start, "
            + "and within a day.")]
    private partial void LogNotEncrypted(Exception exception);

    private sealed record Row(string Name, string Xml);
}
