import ch.qos.logback.classic.Level;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import org.cloudsimplus.allocationpolicies.VmAllocationPolicy;
import org.cloudsimplus.allocationpolicies.VmAllocationPolicyBestFit;
import org.cloudsimplus.allocationpolicies.VmAllocationPolicyFirstFit;
import org.cloudsimplus.allocationpolicies.VmAllocationPolicySimple;
import org.cloudsimplus.brokers.DatacenterBrokerSimple;
import org.cloudsimplus.cloudlets.Cloudlet;
import org.cloudsimplus.cloudlets.CloudletSimple;
import org.cloudsimplus.core.CloudSimPlus;
import org.cloudsimplus.datacenters.DatacenterSimple;
import org.cloudsimplus.hosts.Host;
import org.cloudsimplus.hosts.HostSimple;
import org.cloudsimplus.resources.Pe;
import org.cloudsimplus.resources.PeSimple;
import org.cloudsimplus.util.Log;
import org.cloudsimplus.utilizationmodels.UtilizationModelFull;
import org.cloudsimplus.vms.Vm;
import org.cloudsimplus.vms.VmSimple;

/** One run: hosts and cloudlets by number, the cores of each VM a line on standard input, and a policy by its name in stowage. */
public class Peer {
    private static final int HOST_CORES = 8;
    private static final long HOST_MEMORY = 16_384;
    private static final long VM_MEMORY = 512;
    private static final double MIPS = 1000;
    /** 10 s of one core's work. */
    private static final long CLOUDLET = 10_000;

    public static void main(final String[] words) throws Exception {
        final int hosts = Integer.parseInt(words[0]);
        final int cloudlets = Integer.parseInt(words[1]);
        final VmAllocationPolicy policy = policyOf(words[2]);
        final List<Integer> cores = new BufferedReader(new InputStreamReader(System.in)).lines().map(Integer::parseInt).toList();
        Log.setLevel(Level.OFF);

        final long began = System.nanoTime();
        final CloudSimPlus simulation = new CloudSimPlus();
        final List<Host> hostList = new ArrayList<>(hosts);
        for (int host = 0; host < hosts; host++) {
            final List<Pe> pes = new ArrayList<>(HOST_CORES);
            for (int pe = 0; pe < HOST_CORES; pe++) pes.add(new PeSimple(MIPS));
            hostList.add(new HostSimple(HOST_MEMORY, 1_000_000, 1_000_000, pes));
        }
        new DatacenterSimple(simulation, hostList, policy);
        final DatacenterBrokerSimple broker = new DatacenterBrokerSimple(simulation);
        final List<Vm> vmList = new ArrayList<>(cores.size());
        for (final int pes : cores) {
            final Vm vm = new VmSimple(MIPS, pes);
            vm.setRam(VM_MEMORY).setBw(1000).setSize(1000);
            vmList.add(vm);
        }
        final List<Cloudlet> cloudletList = new ArrayList<>(cloudlets);
        for (int cloudlet = 0; cloudlet < cloudlets; cloudlet++) {
            // Of memory and bandwidth a cloudlet takes nothing, as in stowage's run.
            cloudletList.add(new CloudletSimple(CLOUDLET, 1).setUtilizationModelCpu(new UtilizationModelFull()).setSizes(1));
        }
        broker.submitVmList(vmList);
        broker.submitCloudletList(cloudletList);
        simulation.start();
        final double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
            "{\"seconds\": %s, \"vms\": %d, \"cloudlets\": %d}%n",
            seconds, broker.getVmCreatedList().size(), broker.getCloudletFinishedList().size());
    }

    private static VmAllocationPolicy policyOf(final String name) {
        return switch (name) {
            case "first-fit" -> new VmAllocationPolicyFirstFit();
            case "best-fit" -> new VmAllocationPolicyBestFit();
            // Its default places on the host with the most free cores.
            case "worst-fit" -> new VmAllocationPolicySimple();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
