using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
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
    public static IApplicationBuilder UseBatches(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<MessageLimits>();
        var permits = app.ApplicationServices.GetRequiredService<CallPermits>();
        return app.Use((context, next) =>
            context.Features.Get<BufferedBody>() is { } body && JsonRpcBatch.IsArray(body.Bytes.Span) && IsAllowed(context.Request)
                ? RunAsync(context, body.Bytes, limits, permits, next)
                : next(context));
    }

    // "... if the server does not receive an MCP-Protocol-Version header ... the server SHOULD assume protocol version 2025-03-26."
    // (MCP 2025-06-18, Transports)
    private static bool IsAllowed(HttpRequest request) =>
        request.Path.StartsWithSegments(RemoteMcpOptions.McpPath, out var rest) && rest.Value is "" or "/"
        && request.Headers[ProtocolRevisions.HeaderName].ToString() is "" or ProtocolRevisions.Batches;

    private static async Task RunAsync(
        HttpContext context, ReadOnlyMemory<byte> body, MessageLimits limits, CallPermits permits, RequestDelegate next)
    {
        List<byte[]> messages;
        try
        {
            messages = JsonRpcBatch.Split(body);
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
        features.Set(BatchMember.Instance);
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
