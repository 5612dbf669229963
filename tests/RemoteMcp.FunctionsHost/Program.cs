using Microsoft.Extensions.Hosting;
using RemoteMcp.FunctionsHost;
using RemoteMcp.FunctionsHost.Workers;

// Serves a built Functions app as the Functions host does. The app runs in a worker process. This process communicates with the worker
// through gRPC and forwards HTTP requests to it. docs/architecture.md, "The test host", lists the behavior that only the real host has.
var options = HostArguments.Parse(args);
var settings = HostJson.Load(options.App);
var log = new HostLog(Console.Error);
var channels = new WorkerChannels();
var worker = new AppWorker(options, channels, log);
await using var rpc = Servers.BuildRpc(channels);
await rpc.StartAsync();
try
{
    var running = worker.RunAsync(new Uri(rpc.Urls.First()));
    var channel = await worker.GetChannelAsync(CancellationToken.None);
    await using var front = Servers.BuildFrontEnd(options, settings, worker, await channel.LoadedAsync, log);
    await front.StartAsync();
    // The worker opens its HTTP port on its own. After it has loaded the functions, that can take
    // longer than the retries of the host last on a busy machine. Only this announcement waits for the port; requests do not.
    await channel.AcceptsConnectionsAsync(options.StartLimit);
    Console.WriteLine($"Serving {options.Assembly} at {front.Urls.First()}");
    await Task.WhenAny(front.WaitForShutdownAsync(), running);
    await running;
    return 0;
}
catch (WorkerGoneException exception)
{
    log.Host(exception.Message);
    return 1;
}
