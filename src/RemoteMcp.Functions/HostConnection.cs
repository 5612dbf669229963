using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace RemoteMcp.Functions;

/// <summary>
/// Stops the worker when its connection to the Functions host ends. The library of the Functions worker does not detect this. Without this
/// class, the worker would continue to run after its host was killed, and would keep its memory and its lease in the fleet.
/// </summary>
/// <remarks>
/// The connection is one gRPC call that lasts as long as the worker. Grpc.Net.Client reports the start and the end of each call as an
/// <see cref="Activity"/>. No other public API reports the end of this call.
/// </remarks>
internal static class HostConnection
{
    private const string Source = "Grpc.Net.Client";
    private const string MethodTag = "grpc.method";
    private const string EventStream = "/AzureFunctionsRpcMessages.FunctionRpc/EventStream";

    /// <summary>Starts to monitor the connection. Call this method before the host starts.</summary>
    /// <param name="lifetime">The application to stop.</param>
    /// <returns>An object that stops the monitoring when it is disposed.</returns>
    public static IDisposable StopWithHost(IHostApplicationLifetime lifetime)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem(MethodTag) is EventStream)
                {
                    lifetime.StopApplication();
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
