using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Records whether a request was sent more than once. In that case a refusal ("changed", "not found") may be caused by the request's own
/// first try, which was applied although its response was lost.
/// </summary>
internal sealed class Resends
{
    private const string Property = nameof(Resends);

    public bool Any { get; private set; }

    public static void Note(HttpMessage message)
    {
        if (message.TryGetProperty(Property, out var value) && value is Resends resends)
        {
            resends.Any = true;
        }
    }

    /// <summary>Records the requests of the current asynchronous flow until the returned scope is disposed.</summary>
    public IDisposable Watch() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = this });
}
