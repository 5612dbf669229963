using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace RemoteMcp.Functions;

/// <summary>
/// Stops the worker when its connection to the Functions host has ended. The Functions worker does not notice that by itself: without this,
/// a worker whose host was killed runs on, with its lease and its memory.
/// </summary>
/// <remarks>
/// The connection is one gRPC call that lasts as long as the worker. Grpc.Net.Client reports the start and the end of each call as an
/// <see cref="Activity"/>, which is the only public sign of it.
/// </remarks>
internal static class HostConnection
{
    private const string Source = "Grpc.Net.Client";
    private const string MethodTag = "grpc.method";
    private const string EventStream = "/AzureFunctionsRpcMessages.FunctionRpc/EventStream";

    /// <summary>Begins to watch. Call this before the host starts.</summary>
    /// <param name="lifetime">The application to stop.</param>
    /// <returns>An object that ends the watch when it is disposed.</returns>
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
