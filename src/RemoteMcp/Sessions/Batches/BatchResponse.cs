using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using RemoteMcp.Http;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions.Batches;

/// <summary>
/// Combines the responses to the messages of a batch into one response. If any response is an event stream, the batch's response is one
/// too: it contains each event as soon as it arrives, and then each plain JSON response as an event. Otherwise it is a JSON array of the
/// plain responses, with the status code and headers of the first, or an empty 202 response if there is none.
/// </summary>
internal sealed class BatchResponse(HttpResponse response) : IUnansweredRequests, IDisposable
{
    private readonly List<Part> _parts = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _isEventStream;

    /// <summary>Gets the ids of the requests without a response, for a batch that ends early.</summary>
    public IEnumerable<RequestId> Unanswered =>
        _parts.Where(static part => part is { IsComplete: false, IsAnswered: false, Message.IsRequest: true })
            .Select(static part => part.Message!.Id);

    /// <summary>Adds the response to one message, in the order of the batch.</summary>
    public Part Add()
    {
        var part = new Part(this);
        _parts.Add(part);
        return part;
    }

    /// <summary>Writes the responses that were not streamed, after all messages are processed.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var plain = _parts.Where(static part => part.PlainBody.Length > 0).ToList();
        if (_isEventStream)
        {
            foreach (var part in plain.Where(static part => part.Message is not { IsNotification: true }))
            {
                await response.Body.WriteAsync("event: message\ndata: "u8.ToArray(), cancellationToken);
                await response.Body.WriteAsync(part.PlainBody, cancellationToken);
                await response.Body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
            }
        }
        else if (plain.Count == 0)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            CopyHead(plain[0]);
            for (var i = 0; i < plain.Count; i++)
            {
                await response.Body.WriteAsync(i == 0 ? "["u8.ToArray() : ","u8.ToArray(), cancellationToken);
                await response.Body.WriteAsync(plain[i].PlainBody, cancellationToken);
            }

            await response.Body.WriteAsync("]"u8.ToArray(), cancellationToken);
        }
    }

    public void Dispose() => _gate.Dispose();

    // Each write of a part contains whole events. The gate keeps two parts from writing concurrently.
    private async Task StreamAsync(Part part, ReadOnlyMemory<byte> events, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_isEventStream)
            {
                _isEventStream = true;
                CopyHead(part);
                response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            }

            // If the server shuts down now, the request must not get an error after its response.
            part.IsAnswered |= ContainsResponse(events.Span);
            await response.Body.WriteAsync(events, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    // A request of the server and a notification have a method. Everything else on the stream of a request is its response.
    private static bool ContainsResponse(ReadOnlySpan<byte> events)
    {
        foreach (var range in events.Split((byte)'\n'))
        {
            if (events[range].StartsWith("data: "u8) && IsResponse(events[range]["data: "u8.Length..]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsResponse(ReadOnlySpan<byte> message)
    {
        // The first event of a stream has no data.
        if (message is not [(byte)'{', ..])
        {
            return false;
        }

        var reader = new Utf8JsonReader(message);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
            {
                return false;
            }

            reader.Skip();
        }

        return true;
    }

    private void CopyHead(Part part)
    {
        response.StatusCode = part.StatusCode;
        foreach (var (name, value) in part.Headers)
        {
            response.Headers[name] = value;
        }

        response.ContentLength = null;
    }

    /// <summary>Represents the response to one message for the rest of the pipeline.</summary>
    internal sealed class Part : HttpResponseFeature
    {
        private readonly ArrayBufferWriter<byte> _plain = new();
        private readonly List<(Func<object, Task> Callback, object State)> _starting = [];
        private bool _hasStarted;

        public Part(BatchResponse batch) => Body = new PartStream(this, batch);

        public override bool HasStarted => _hasStarted;

        /// <summary>Gets or sets the message; <see langword="null"/> if it was not parsed.</summary>
        public JsonRpcEnvelope? Message { get; set; }

        /// <summary>Gets or sets whether the message was processed.</summary>
        public bool IsComplete { get; set; }

        /// <summary>Gets or sets whether the response was sent, although the message may still be in process.</summary>
        public bool IsAnswered { get; set; }

        public ReadOnlyMemory<byte> PlainBody => _plain.WrittenMemory;

        public override void OnStarting(Func<object, Task> callback, object state) => _starting.Add((callback, state));

        private async Task StartAsync()
        {
            if (_hasStarted)
            {
                return;
            }

            _hasStarted = true;
            // The callbacks run in reverse order of registration, as in the server's own response.
            for (var i = _starting.Count - 1; i >= 0; i--)
            {
                await _starting[i].Callback(_starting[i].State);
            }
        }

        private sealed class PartStream(Part part, BatchResponse batch) : WriteOnlyStream
        {
            private bool IsEventStream => part.Headers.ContentType == "text/event-stream";

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                await part.StartAsync();
                if (IsEventStream)
                {
                    await batch.StreamAsync(part, buffer, cancellationToken);
                }
                else
                {
                    part._plain.Write(buffer.Span);
                }
            }

            public override async Task FlushAsync(CancellationToken cancellationToken)
            {
                await part.StartAsync();
                if (IsEventStream)
                {
                    await batch.StreamAsync(part, default, cancellationToken);
                }
            }
        }
    }
}
