using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RemoteMcp.FunctionsHost.Protocol;
using RemoteMcp.FunctionsHost.Requests;
using Content = RemoteMcp.FunctionsHost.Protocol.StreamingMessage.ContentOneofCase;
using RpcException = Grpc.Core.RpcException;

namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>The host's side of the message stream with one worker process.</summary>
/// <param name="appFolder">The folder of the app.</param>
/// <param name="log">The log for the messages of the worker.</param>
internal sealed class WorkerChannel(string appFolder, HostLog log)
{
    private const string HostVersion = "4.1037.0";

    private static readonly TimeSpan s_connectInterval = TimeSpan.FromMilliseconds(50);

    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>();
    private readonly TaskCompletionSource<IReadOnlyList<HttpFunction>> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new();
    private readonly ConcurrentDictionary<string, string> _toLoad = new();
    private IReadOnlyList<HttpFunction> _functions = [];
    private string? _failureReason;

    /// <summary>Gets the address at which the worker serves HTTP, after <see cref="LoadedAsync"/> has completed.</summary>
    public string HttpAddress { get; private set; } = "";

    /// <summary>Completes with the app's functions when the worker has loaded all of them.</summary>
    /// <exception cref="WorkerGoneException">The worker ended too early, or a function did not load.</exception>
    public Task<IReadOnlyList<HttpFunction>> LoadedAsync => _loaded.Task;

    /// <summary>Serves the stream that the worker opened, until either side ends it.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        Send(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest
            {
                HostVersion = HostVersion,
                WorkerDirectory = appFolder,
                FunctionAppDirectory = appFolder,
            },
        });
        var writing = WriteAsync(outgoing, cancellationToken);
        try
        {
            while (await incoming.MoveNext(cancellationToken))
            {
                Receive(incoming.Current);
            }
        }
        catch (Exception exception) when (exception is IOException or RpcException or OperationCanceledException)
        {
            // The worker process has ended.
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            await writing;
        }
    }

    /// <summary>Completes when the HTTP port of the worker accepts connections.</summary>
    /// <exception cref="WorkerGoneException">The port accepted no connection within the limit.</exception>
    public async Task AcceptsConnectionsAsync(TimeSpan limit)
    {
        var address = new Uri(HttpAddress);
        using var timeout = new CancellationTokenSource(limit);
        while (true)
        {
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(address.Host, address.Port, timeout.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(s_connectInterval, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                throw new WorkerGoneException($"The worker accepts no connections at {address} after {limit}.");
            }
        }
    }

    /// <summary>Sends an invocation and returns the worker's response to it.</summary>
    /// <exception cref="WorkerGoneException">The worker ended before it responded.</exception>
    public Task<InvocationResponse> InvokeAsync(InvocationRequest request)
    {
        var response = _invocations.GetOrAdd(request.InvocationId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        Send(new StreamingMessage { InvocationRequest = request });
        if (_failureReason is { } reason)
        {
            response.TrySetException(new WorkerGoneException(reason));
        }

        return response.Task;
    }

    public void CancelInvocation(string id) => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = id } });

    public void Terminate(TimeSpan grace) =>
        Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Fails all operations that still wait for the worker.</summary>
    public void Fail(string reason)
    {
        _failureReason = reason;
        _loaded.TrySetException(new WorkerGoneException(reason));
        foreach (var invocation in _invocations.Values)
        {
            invocation.TrySetException(new WorkerGoneException(reason));
        }
    }

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case Content.RpcLog:
                log.Worker(message.RpcLog);
                break;
            case Content.WorkerInitResponse:
                HttpAddress = message.WorkerInitResponse.Capabilities.TryGetValue("HttpUri", out var address) ? address : "";
                Send(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = appFolder } });
                break;
            case Content.FunctionMetadataResponse:
                Load(message.FunctionMetadataResponse);
                break;
            case Content.FunctionLoadResponse:
                Loaded(message.FunctionLoadResponse);
                break;
            case Content.InvocationResponse when _invocations.TryRemove(message.InvocationResponse.InvocationId, out var invocation):
                invocation.TrySetResult(message.InvocationResponse);
                break;
        }
    }

    private void Load(FunctionMetadataResponse response)
    {
        if (response.Result.Status != StatusResult.Types.Status.Success
            || response.FunctionMetadataResults.Count == 0
            || HttpAddress.Length == 0)
        {
            Fail($"The worker did not describe its functions: {response.Result.Exception?.Message}");
            return;
        }

        _functions = HttpFunction.Read(response.FunctionMetadataResults);
        foreach (var function in response.FunctionMetadataResults)
        {
            _toLoad[function.FunctionId] = function.Name;
        }

        foreach (var function in response.FunctionMetadataResults)
        {
            Send(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            });
        }
    }

    private void Loaded(FunctionLoadResponse response)
    {
        _toLoad.TryRemove(response.FunctionId, out var name);
        if (response.Result.Status != StatusResult.Types.Status.Success)
        {
            Fail($"The function '{name}' did not load: {response.Result.Exception?.Message}");
        }
        else if (_toLoad.IsEmpty)
        {
            _loaded.TrySetResult(_functions);
        }
    }

    private void Send(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        _outgoing.Writer.TryWrite(message);
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await outgoing.WriteAsync(message, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException
            or RpcException
            or OperationCanceledException
            or InvalidOperationException)
        {
            // The worker process has ended. The code that started it handles the exit.
        }
    }
}
