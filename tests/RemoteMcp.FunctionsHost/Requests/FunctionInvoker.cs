using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using RemoteMcp.FunctionsHost.Protocol;
using RemoteMcp.FunctionsHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace RemoteMcp.FunctionsHost.Requests;

/// <summary>
/// Runs one invocation for each request: forwards the request to the worker, tells the worker to run the function, and awaits both.
/// </summary>
/// <param name="worker">The worker of the app.</param>
/// <param name="forwarder">YARP's forwarder, which the Functions host also uses.</param>
/// <param name="options">The host's limits.</param>
/// <param name="settings">The settings of the app's host.json.</param>
/// <param name="log">The log, which gets one line for each invocation.</param>
internal sealed class FunctionInvoker(AppWorker worker, IHttpForwarder forwarder, HostArguments options, HostJson settings, HostLog log)
    : IDisposable
{
    private const string CorrelationHeader = "x-ms-invocation-id";

    private readonly ForwarderRequestConfig _forwarding = new() { ActivityTimeout = options.ActivityTimeout };
    private readonly HttpMessageInvoker _client =
        new(new ConnectRetryHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }));

    public async Task InvokeAsync(HttpContext context, HttpFunction function)
    {
        if (worker.IsStopping)
        {
            // In this case, the platform sends requests to other instances.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var id = Guid.NewGuid().ToString();
        var failure = await RunAsync(context, function, id);
        log.Invocation(function.Name, id, Stopwatch.GetElapsedTime(start), failure);
        if (failure is not null && !context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <returns>The reason why the invocation failed, or null.</returns>
    private async Task<string?> RunAsync(HttpContext context, HttpFunction function, string id)
    {
        var channel = await worker.GetChannelAsync(context.RequestAborted);
        // Keeps the header if the client sent one, like the Functions host.
        context.Request.Headers.TryAdd(CorrelationHeader, id);
        var forwarding = forwarder.SendAsync(context, channel.HttpAddress, _client, _forwarding, HttpTransformer.Default).AsTask();
        var invocation = channel.InvokeAsync(Describe(context.Request, function, id));
        await using var cancel = context.RequestAborted.Register(() => channel.CancelInvocation(id));
        var completion = CompleteAsync(forwarding, invocation);
        if (settings.FunctionTimeout is not { } limit)
        {
            return await completion;
        }

        using var timer = new CancellationTokenSource();
        if (await Task.WhenAny(completion, Task.Delay(limit, timer.Token)) == completion)
        {
            await timer.CancelAsync();
            return await completion;
        }

        // The Functions host throws an exception into its own pipeline immediately, so that the client's connection ends.
        channel.CancelInvocation(id);
        context.Abort();
        if (await Task.WhenAny(completion, Task.Delay(options.TimeoutGrace, timer.Token)) != completion)
        {
            worker.Restart(channel, $"A function timeout has occurred. Restarting worker process executing invocationId '{id}'.");
        }

        await timer.CancelAsync();
        return $"Timeout value of {limit} was exceeded by function: {function.Name}";
    }

    private static async Task<string?> CompleteAsync(Task<ForwarderError> forwarding, Task<InvocationResponse> invocation)
    {
        try
        {
            var response = await invocation;
            var error = await forwarding;
            return error != ForwarderError.None ? $"Failed to proxy request with ForwarderError: {error}"
                : response.Result.Status != StatusResult.Types.Status.Success
                    ? $"{response.Result.Exception?.Message} {response.Result.Exception?.StackTrace}"
                : null;
        }
        catch (WorkerGoneException exception)
        {
            await forwarding;
            return exception.Message;
        }
    }

    private static InvocationRequest Describe(HttpRequest request, HttpFunction function, string id) => new()
    {
        InvocationId = id,
        FunctionId = function.Id,
        TraceContext = new RpcTraceContext
        {
            TraceParent = Activity.Current?.Id ?? "",
            TraceState = Activity.Current?.TraceStateString ?? "",
        },
        InputData =
        {
            new ParameterBinding
            {
                Name = function.Binding,
                Data = new TypedData { Http = new RpcHttp { Method = request.Method, Url = request.GetEncodedUrl() } },
            },
        },
    };
}
