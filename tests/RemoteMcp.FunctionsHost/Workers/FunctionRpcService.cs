using Grpc.Core;
using RemoteMcp.FunctionsHost.Protocol;
using RpcException = Grpc.Core.RpcException;

namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>The service to which a worker process connects. Passes each stream to the channel of its worker.</summary>
/// <param name="channels">The channels that wait for their worker.</param>
internal sealed class FunctionRpcService(WorkerChannels channels) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)
            || requestStream.Current
                is not { ContentCase: StreamingMessage.ContentOneofCase.StartStream, StartStream.WorkerId: var worker })
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The first message of a worker must be StartStream."));
        }

        await channels.Take(worker).RunAsync(requestStream, responseStream, context.CancellationToken);
    }
}
