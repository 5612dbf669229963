using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Azure;

/// <summary>Calls the HTTP interfaces of Azure that the tools need, through the pipeline of the Azure SDK.</summary>
internal sealed class AzureClient(IHttpClientFactory http, IOptions<AzureOptions> options, TimeProvider time)
{
    public const string HttpClientName = "Azure";

    /// <summary>The maximum size of a response, in bytes after decompression.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>Sends a request and reads the response.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cloud">The identities of the tool call.</param>
    /// <param name="progress">The progress of the tool call.</param>
    /// <param name="read">
    /// A function that converts the JSON of the response to a result. It must clone every JSON element that it keeps.
    /// </param>
    /// <param name="cancellationToken">The token of the tool call.</param>
    /// <exception cref="McpException">
    /// Azure does not respond, refuses the request, or returns an unexpected response. The message says what to do.
    /// </exception>
    public async Task<T> SendAsync<T>(
        AzureCall call,
        CloudIdentity cloud,
        IProgress<ProgressNotificationValue> progress,
        Func<JsonElement, ResponseHeaders, T> read,
        CancellationToken cancellationToken)
    {
        var timeout = options.Value.QueryTimeout;
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        await using var heartbeat = ProgressHeartbeat.Start(progress, time, $"Waiting for {Name(call)}");
        try
        {
            using var message = await SendAsync(call, cloud, linked.Token);
            var response = message.Response;
            if (response.Status != 200)
            {
                throw new McpException(
                    AzureErrors.Explain(response, await ReadAsync(response, MaxErrorBytes, linked.Token), call, options.Value));
            }

            var body = await ReadAsync(response, MaxBytes, linked.Token) ?? throw new McpException(
                $"{Name(call)} returned more than {MaxBytes / 1024 / 1024} MiB. Ask for less: fewer columns (`project`), fewer rows "
                    + "(`take`, `where`), or a summary (`summarize`).");
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement, response.Headers);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ServiceFailure.IsUnresponsive(exception))
        {
            throw new McpException(deadline.IsCancellationRequested
                ? $"{Name(call)} did not respond within {timeout.TotalSeconds:0} s. Ask for less: a shorter timespan, fewer rows, or an "
                    + "earlier `where`. Or try again in a minute."
                : $"{Name(call)} did not respond, or its response was incomplete. Try again in a minute.", exception);
        }
        catch (Exception exception) when (exception is JsonException
            or KeyNotFoundException
            or InvalidOperationException
            or FormatException)
        {
            throw new McpException($"{Name(call)} returned a response that is not a valid result. Try again. If that does not help, tell "
                + $"the server's operator to check {AzureOptions.Section}.", exception);
        }
    }

    /// <summary>Returns the name of the service for messages.</summary>
    public static string Name(AzureCall call) => call.Service == AzureService.Arm ? "Azure Resource Manager" : "Log Analytics";

    private async Task<HttpMessage> SendAsync(AzureCall call, CloudIdentity cloud, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var client = new AzureClientOptions
        {
            RetryPolicy = new AzureRetryPolicy(),
            Retry = { NetworkTimeout = settings.QueryTimeout },
            Transport = new HttpClientTransport(http.CreateClient(HttpClientName)),
        };
        (var endpoint, var scope) = call.Service == AzureService.Arm
            ? (settings.ArmEndpoint, settings.ArmScope)
            : (settings.LogsEndpoint, settings.LogsScope);
        // Each call has its own pipeline, because the authentication policy caches the token, which can be a caller's own.
        var pipeline = HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(settings.Credential(cloud), scope));
        var message = pipeline.CreateMessage();
        message.BufferResponse = false;
        FillRequest(message.Request, call, endpoint);
        try
        {
            await pipeline.SendAsync(message, cancellationToken);
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private void FillRequest(Request request, AzureCall call, string endpoint)
    {
        request.Method = call.Body is null ? RequestMethod.Get : RequestMethod.Post;
        request.Uri.Reset(new Uri(endpoint.TrimEnd('/') + call.Path));
        foreach ((var name, var value) in call.Query)
        {
            request.Uri.AppendQuery(name, value, escapeValue: true);
        }

        request.Headers.Add("Accept", "application/json");
        if (call.Service == AzureService.Logs)
        {
            // The service stops before the call times out, and then returns an error that says so.
            request.Headers.Add(
                "Prefer", FormattableString.Invariant($"wait={Math.Max(1, (int)options.Value.QueryTimeout.TotalSeconds - 3)}"));
        }

        if (call.Body is not null)
        {
            request.Headers.Add("Content-Type", "application/json");
            request.Content = RequestContent.Create(BinaryData.FromString(call.Body.ToJsonString()));
        }
    }

    /// <returns>The body, or <see langword="null"/> if it is larger than the maximum.</returns>
    private static async Task<byte[]?> ReadAsync(Response response, int maxBytes, CancellationToken cancellationToken)
    {
        if (response.ContentStream is not { } stream)
        {
            return [];
        }

        using var body = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private sealed class AzureClientOptions : ClientOptions;
}
