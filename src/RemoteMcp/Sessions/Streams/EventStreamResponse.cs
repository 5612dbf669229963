using System.Buffers;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteMcp.Sessions.Streams;

/// <summary>Responses that are event streams: events go out one by one as they come.</summary>
internal static class EventStreamResponse
{
    /// <summary>Says that the response is an event stream, which nobody on its way may keep, compress or hold back.</summary>
    public static void BeginEventStream(this HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    public static async Task WriteEventStreamAsync(this HttpResponse response, IAsyncEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        response.BeginEventStream();
        // The client learns at once that the stream is open, also when nothing is to be said yet.
        await response.Body.FlushAsync(cancellationToken);
        await SseFormatter.WriteAsync(Items(events), response.Body, static (item, writer) => writer.Write(item.Data.Span), cancellationToken);
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
