using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions.Batches;

/// <summary>
/// Supports JSON-RPC batches: "MCP implementations MAY support sending JSON-RPC batches, but MUST support receiving JSON-RPC batches." (MCP
/// 2025-03-26, Base Protocol, Batching.) Later revisions do not have batches, and the SDK does not read them.
/// </summary>
/// <remarks>
/// Each message passes the rest of the pipeline as a separate POST request. All messages run concurrently, and their responses share one
/// HTTP response (see <see cref="BatchResponse"/>).
/// </remarks>
internal static class Batches
{
    private const string Revision = "2025-03-26";
    private const int MaxMessages = 100;

    public static IApplicationBuilder UseBatches(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<MessageLimits>();
        var permits = app.ApplicationServices.GetRequiredService<CallPermits>();
        return app.Use((context, next) =>
            context.Features.Get<BufferedBody>() is { } body && IsArray(body.Bytes.Span) && IsAllowed(context.Request)
                ? RunAsync(context, body.Bytes, limits, permits, next)
                : next(context));
    }

    private static bool IsArray(ReadOnlySpan<byte> json) => json.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    // "... if the server does not receive an MCP-Protocol-Version header ... the server SHOULD assume protocol version 2025-03-26."
    // (MCP 2025-06-18, Transports)
    private static bool IsAllowed(HttpRequest request) =>
        request.Path.StartsWithSegments(RemoteMcpOptions.McpPath, out var rest) && rest.Value is "" or "/"
        && request.Headers["MCP-Protocol-Version"].ToString() is "" or Revision;

    private static async Task RunAsync(
        HttpContext context, ReadOnlyMemory<byte> body, MessageLimits limits, CallPermits permits, RequestDelegate next)
    {
        List<byte[]> messages;
        try
        {
            messages = Split(body);
        }
        catch (McpProtocolException exception)
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, (int)exception.ErrorCode, exception.Message);
            return;
        }
        catch (JsonException exception)
        {
            await ProtocolError.WriteAsync(
                context, StatusCodes.Status400BadRequest, (int)McpErrorCode.ParseError, JsonRpcEnvelope.DescribeParseError(exception));
            return;
        }

        // The first message was counted before the body was read.
        if (!await limits.TryCountAsync(context, messages.Count - 1))
        {
            return;
        }

        using var batch = new BatchResponse(context.Response);
        context.Features.Set<IUnansweredRequests>(batch);
        await Task.WhenAll(messages.Select(message => RunAsync(context, message, batch.Add(), permits, next)));
        await batch.CompleteAsync(context.RequestAborted);
    }

    private static List<byte[]> Split(ReadOnlyMemory<byte> body)
    {
        using var document = StrictJson.Parse(body);
        if (document.RootElement.GetArrayLength() is 0 or > MaxMessages)
        {
            throw new McpProtocolException($"Invalid Request: a batch must have 1 to {MaxMessages} messages.", McpErrorCode.InvalidRequest);
        }

        var messages = new List<byte[]>(document.RootElement.GetArrayLength());
        foreach (var message in document.RootElement.EnumerateArray())
        {
            // "The initialize request MUST NOT be part of a JSON-RPC batch". (MCP 2025-03-26, Lifecycle)
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("method"u8, out var method)
                && method.ValueKind == JsonValueKind.String && method.ValueEquals(RequestMethods.Initialize))
            {
                throw new McpProtocolException("Invalid Request: initialize must not be part of a batch.", McpErrorCode.InvalidRequest);
            }

            messages.Add(JsonMarshal.GetRawUtf8Value(message).ToArray());
        }

        return messages;
    }

    private static async Task RunAsync(
        HttpContext batch, byte[] message, BatchResponse.Part part, CallPermits permits, RequestDelegate next)
    {
        await using var scope = batch.RequestServices.CreateAsyncScope();
        var request = batch.Request;
        var features = new FeatureCollection(batch.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Protocol = request.Protocol,
            Scheme = request.Scheme,
            Method = request.Method,
            PathBase = request.PathBase,
            Path = request.Path,
            QueryString = request.QueryString.Value ?? "",
            Headers = new HeaderDictionary(request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase))
            {
                ContentLength = message.Length,
            },
        });
        features.Set<IHttpResponseFeature>(part);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(part.Body));
        // These features hold the state of one request, so each message gets new ones.
        features.Set<IServiceProvidersFeature>(new ServiceProvidersFeature { RequestServices = scope.ServiceProvider });
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = batch.RequestAborted });
        features.Set<IItemsFeature>(new ItemsFeature());
        features.Set<IRouteValuesFeature>(new RouteValuesFeature());
        features.Set<IEndpointFeature>(new MessageEndpoint());
        features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature { User = batch.User });
        // A call of the batch that continues without its request keeps the memory of the whole body.
        var body = batch.Features.GetRequiredFeature<RequestPermit>();
        body.TryKeep();
        using var permit = new RequestPermit();
        permit.Add(body);
        permits.Enter(permit);
        features.Set(permit);
        var context = new DefaultHttpContext(features);
        BufferedBody.Set(context, message);

        try
        {
            await next(context);
            await context.Response.CompleteAsync();
            part.IsComplete = true;
        }
        finally
        {
            part.Message = context.Features.Get<JsonRpcEnvelope>();
        }
    }

    private sealed class MessageEndpoint : IEndpointFeature
    {
        public Endpoint? Endpoint { get; set; }
    }
}
