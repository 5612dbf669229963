using System.Buffers;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteMcp.Sessions.Streams;

/// <summary>Writes responses that are event streams. Each event is sent as soon as it arrives.</summary>
internal static class EventStreamResponse
{
    /// <summary>
    /// Begins an event stream: sets the headers that keep proxies and servers from caching, compressing, or buffering it.
    /// </summary>
    public static void BeginEventStream(this HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    /// <summary>Writes an event stream until its events end.</summary>
    public static async Task WriteEventStreamAsync(
        this HttpResponse response, IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        response.BeginEventStream();
        // The flush shows the client at once that the stream is open, even before the first event.
        await response.Body.FlushAsync(cancellationToken);
        await SseFormatter.WriteAsync(
            Items(events), response.Body, static (item, writer) => writer.Write(item.Data.Span), cancellationToken);
    }

    private static async IAsyncEnumerable<SseItem<ReadOnlyMemory<byte>>> Items(IAsyncEnumerable<StreamEvent> events)
    {
        await foreach (var each in events)
        {
            yield return new SseItem<ReadOnlyMemory<byte>>(each.Data, each.Data.IsEmpty ? "prime" : "message")
            {
                EventId = each.Id == default ? null : each.Id.ToString(),
                ReconnectionInterval = each.Retry,
            };
        }
    }
}
